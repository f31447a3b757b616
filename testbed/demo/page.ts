import { readFile } from 'node:fs/promises';
import type { StepResult } from '../runner/runner.ts';
import { foldLog, type LogEntry } from './log.ts';
import { Markup, markup } from './markup.ts';
import { renderMarkdown } from './markdown.ts';
import { actionName, type DemoRun } from './run.ts';
import { type Phase, timelineOf } from './timeline.ts';

/** Nothing is loaded and no script runs, whatever the page contains. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * Returns the page of the demo: one HTML file without scripts or external resources. `hidden`: the inputs
 * that each step sets and the page does not show.
 */
export async function demoPage(
  runs: readonly DemoRun[],
  hidden: readonly string[],
): Promise<string> {
  return await documentOf(
    'Demo of machine-id-action',
    markup`<header>
<h1>Demo of machine-id-action</h1>
<p>These jobs ran with the real action, as built in <code>dist/</code>. The Teleport cluster, tbot, GitHub&#39;s runner and its issuer of OIDC tokens, and Azure&#39;s metadata service are stand-ins on one machine. Every step also sets <code>summary: always</code>, and inputs that select the stand-ins: ${hidden.map((name, index) => markup`${index > 0 ? ', ' : ''}<code>${name}</code>`)}.</p>
<nav><ol>${runs.map((run, index) => markup`<li>${icon(run.step)}<a href="#${idOf(index)}">${run.scenario.title}</a></li>`)}</ol></nav>
</header>
<main>${runs.map(section)}</main>`,
  );
}

/** Returns a page that contains only the job summary of a run, in a frame like that of GitHub. */
export async function summaryPage({ step }: DemoRun): Promise<string> {
  return await documentOf(
    'Job summary',
    markup`<figure><figcaption>deploy summary</figcaption><article class="summary">${renderMarkdown(step.summary)}</article></figure>`,
    'picture',
  );
}

async function documentOf(title: string, body: Markup, kind = 'demo'): Promise<string> {
  const style = await readFile(new URL('page.css', import.meta.url), 'utf8');
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
${new Markup(style)}</style>
</head>
<body class="${kind}">
${body}
</body>
</html>
`.html;
}

function idOf(index: number): string {
  return `scenario-${index + 1}`;
}

function icon({ outcome }: StepResult): Markup {
  return outcome === 'success'
    ? markup`<span class="icon success" role="img" aria-label="succeeded">✓</span>`
    : markup`<span class="icon failure" role="img" aria-label="failed">✗</span>`;
}

function section(run: DemoRun, index: number): Markup {
  const { summary } = run.step;
  return markup`
<section id="${idOf(index)}">
<h2>${icon(run.step)}${run.scenario.title}</h2>
${run.surprises.map((surprise) => markup`<p class="surprise">Not as expected: ${surprise}.</p>`)}
<div class="parts">
${part('workflow', 'Workflow step', markup`<pre>${run.workflow}</pre>`)}
${timeline(timelineOf(run))}
${part('log', 'Log', log(run))}
${part('job-summary', 'Job summary', markup`<article class="summary">${renderMarkdown(summary)}</article>`)}
${part('files', 'Files', files(run, index === 0))}
</div>
</section>`;
}

function part(name: string, title: string, content: Markup): Markup {
  return markup`<div class="part ${name}"><h3>${title}</h3>${content}</div>`;
}

function timeline(phases: readonly Phase[]): Markup | undefined {
  if (phases.length === 0) return undefined;
  const total = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  const percent = (seconds: number): string => `${((100 * seconds) / total).toFixed(2)}%`;
  let start = 0;
  const bars = phases.map(({ name, seconds, details, kind }) => {
    const style = `--start: ${percent(start)}; --length: ${percent(seconds)}`;
    start += seconds;
    return markup`<li class="${kind}"><span class="name">${name}</span><span class="track"><span class="bar" style="${style}"></span></span><span class="time">${seconds.toFixed(2)} s</span><span class="details">${renderMarkdown(details)}</span></li>`;
  });
  return part('timeline', 'Timeline', markup`<ol>${bars}</ol>`);
}

function log({ step, later, posts, scenario }: DemoRun): Markup {
  const action = `Run ${actionName}`;
  return markup`${logOf(action, step)}${later && logOf(`Later step: ${scenario.later?.title ?? ''}`, later)}${posts.map((post) => logOf(`Post ${action}`, post))}`;
}

function logOf(title: string, step: StepResult): Markup {
  const seconds = (step.durationMs / 1000).toFixed(1);
  return markup`<details class="step" open><summary>${icon(step)}<span>${title}</span><span class="time">${seconds} s</span></summary><div class="lines">${foldLog(step.log).map(entryOf)}</div></details>`;
}

function entryOf(entry: LogEntry): Markup {
  if (entry.kind === 'group')
    return markup`<details class="group"><summary>${entry.title}</summary>${entry.lines.map((line) => lineOf(line))}</details>`;
  return lineOf(entry.text, entry.level);
}

function lineOf(text: string, level = 'plain'): Markup {
  return markup`<div class="line ${level}">${text}</div>`;
}

function files({ files: listed, left }: DemoRun, isOpen: boolean): Markup {
  const directory = listed[0]?.path.split('/')[0] ?? '';
  const rows = listed.map(
    ({ path, mode, size, isGone }) =>
      markup`<tr><td>${path.slice(directory.length + 1)}</td><td>${mode}</td><td>${size}</td><td class="${isGone ? 'success' : 'failure'}">${isGone ? 'removed' : 'left'}</td></tr>`,
  );
  const rest = left.length === 0 ? 'nothing' : left.join(', ');
  return markup`<details${isOpen ? markup` open` : undefined}><summary>${listed.length} files existed during the job. After it, ${rest} remained on the runner.</summary>
<p>In the private directory <code>${directory}</code> in RUNNER_TEMP, after the step:</p>
<table><thead><tr><th>Path</th><th>Mode</th><th>Bytes</th><th>After the job</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}
