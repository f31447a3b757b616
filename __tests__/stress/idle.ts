// A post step that does nothing, to prove that the checks find what a real one would have removed.
process.exitCode = 0;
