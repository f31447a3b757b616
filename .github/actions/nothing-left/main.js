if (Number.parseInt(process.versions.node, 10) < 24) {
  console.log(`::error::Actions run on Node ${process.versions.node} here, not on 24`);
  process.exitCode = 1;
}
