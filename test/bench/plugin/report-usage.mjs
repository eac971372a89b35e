// Loaded before a program: writes what it took, memory in KiB and processor time in microseconds, on its standard error in
// the end.
process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write(`took ${maxRSS} ${userCPUTime + systemCPUTime}\n`);
});
