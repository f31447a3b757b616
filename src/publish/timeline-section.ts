import { formatSize } from '../text/size.ts';
import type { Findings, Phase, Timeline } from '../timeline.ts';
import { code } from './markdown.ts';

/**
 * Returns the part of a job summary that shows where the time went, in Markdown; nothing before the
 * first phase. After a failure, marks the last phase. `redact` removes secrets, which the CI system
 * does not recognize once they are escaped.
 */
export function timelineSection(
  { phases, findings, seconds }: Timeline,
  end: 'succeeded' | 'failed' = 'succeeded',
  redact = (text: string): string => text,
): string {
  if (phases.length === 0) return '';
  const shown = (text: string): string => code(redact(text));
  const last = phases.length - 1;
  return [
    '',
    `<details><summary>Duration: ${seconds.toFixed(1)} s</summary>`,
    '',
    '| Phase | Duration | Details |',
    '|---|---|---|',
    ...phases.map(({ phase, seconds: taken }, index) => {
      const failed = end === 'failed' && index === last ? ['failed'] : [];
      const details = [...failed, ...detailsOf(phase, findings, shown)].join(', ');
      return `| ${phase} | ${taken.toFixed(2)} s | ${details} |`;
    }),
    '',
    '</details>',
    '',
  ].join('\n');
}

/** Returns the phases and their durations as a sentence, for the log. */
export function timelineSentence({ phases, seconds }: Timeline): string {
  const list = phases.map(
    ({ phase, seconds: taken }) => `${phase.toLowerCase()} ${taken.toFixed(2)} s`,
  );
  return `Duration: ${seconds.toFixed(1)} s (${list.join(', ')}).`;
}

function detailsOf(
  phase: Phase,
  { cluster, serverVersion, version, source, downloaded, attempts = 1 }: Findings,
  shown: (text: string) => string,
): readonly string[] {
  switch (phase) {
    case 'Resolve':
      return [
        ...(cluster === undefined ? [] : [`cluster ${shown(cluster)}`]),
        ...(serverVersion === undefined ? [] : [`Teleport ${shown(serverVersion)}`]),
        ...(version === undefined ? [] : [`tbot ${shown(version)}`]),
      ];
    case 'Install':
      return [
        ...(source === undefined ? [] : [shown(source)]),
        ...(downloaded === undefined ? [] : [`${formatSize(downloaded)} downloaded`]),
      ];
    case 'Join':
      return attempts > 1 ? [`${attempts} attempts`] : [];
    case 'Publish':
      return [];
    default:
      return phase satisfies never;
  }
}
