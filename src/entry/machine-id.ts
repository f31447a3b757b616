const { versions, stdout, stderr } = process;

if (Number.parseInt(versions.node, 10) < 24) {
  stderr.write(`machine-id requires Node 24 or newer, but this is Node ${versions.node}.\n`);
  process.exit(1);
}
// A reader that closes the pipe must not end a join before its cleanup.
for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
// Not with a top-level await, because the single executable is a CommonJS module.
void start();

async function start(): Promise<void> {
  // Loaded only here, because an older Node cannot read its syntax.
  const { run } = await import('../cli/command-line.ts');
  const code = await run(process.argv.slice(2), {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
  });
  // A pipe takes 64 KiB at a time: without this the rest of a long log is lost.
  for (const stream of [stdout, stderr]) await new Promise((resolve) => stream.write('', resolve));
  // A handle that a library keeps open must not delay the end of the command.
  process.exit(code);
}
