// Express 4 under an alias. The types of Express 5 are the same for everything that the tests use.
declare module "express4" {
  import express from "express";
  export default express;
}
