// src/entry/machine-id.ts
const { versions, stdout, stderr } = process;
if (Number.parseInt(versions.node, 10) < 24) {
	stderr.write(`machine-id requires Node 24 or newer, but this is Node ${versions.node}.\n`);
	process.exit(1);
}
for (const stream of [stdout, stderr]) stream.on("error", () => void 0);
start();
async function start() {
	const { run } = await import("./command-line.js");
	const code = await run(process.argv.slice(2), {
		out: (text) => void stdout.write(text),
		err: (text) => void stderr.write(text)
	});
	for (const stream of [stdout, stderr]) await new Promise((resolve) => stream.write("", resolve));
	process.exit(code);
}

export {  };