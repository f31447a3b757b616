if (Number.parseInt(process.versions.node, 10) < 24) {
  console.log(
    `::error::This runner starts actions with Node ${process.versions.node} instead of Node 24.`,
  );
  process.exitCode = 1;
}
