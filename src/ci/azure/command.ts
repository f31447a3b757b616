/**
 * Returns a logging command, which the agent reads in the output of a task. The escape sequences are
 * those of azure-pipelines-task-lib (taskcommand.js).
 */
export function loggingCommand(
  name: string,
  properties: Readonly<Record<string, string>>,
  data: string,
): string {
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${escaped(value).replaceAll(']', '%5D').replaceAll(';', '%3B')};`,
  );
  return `##vso[${[`task.${name}`, ...(list.length > 0 ? [list.join('')] : [])].join(' ')}]${escaped(data)}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/**
 * Returns a text in which the agent finds no commands: `##vso[` anywhere in a line, or `##[` to format
 * one. The agent compares by the rules of a culture, which ignore the joiners U+200C and U+200D
 * (microsoft/azure-pipelines-agent, class Command); other invisible characters are already removed.
 */
export function withoutCommands(text: string): string {
  return text.replaceAll(hashes, '$1 ');
}

const hashes =
  /(#)(?=[\u200c\u200d]*#[\u200c\u200d]*(?:v[\u200c\u200d]*s[\u200c\u200d]*o[\u200c\u200d]*)?\[)/gi;
