test("a test in CommonJS", () => {
  require("etcd-gateway");
});
