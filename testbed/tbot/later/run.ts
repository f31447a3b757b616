import type { LaterCommand } from './command.ts';
import { proxyDatabase } from './database.ts';
import { kubeCredentials } from './kube-credentials.ts';
import { passToSsh } from './multiplexer.ts';
import { pipeToNode } from './node.ts';

/** Runs a command. Throws a Failure. */
export async function runLater(command: LaterCommand): Promise<void> {
  switch (command.type) {
    case 'node':
      return await pipeToNode(command);
    case 'database':
      return await proxyDatabase(command);
    case 'kube-credentials':
      process.stdout.write(`${kubeCredentials(command.destination)}\n`);
      return;
    case 'multiplexer':
      return await passToSsh(command.socket, command.target);
    default:
      return command satisfies never;
  }
}
