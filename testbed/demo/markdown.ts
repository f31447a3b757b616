import { Marked } from 'marked';
import { escapeHtml, Markup } from './markup.ts';

/** The tags that a job summary of the action contains. All other HTML is shown as text. */
const allowedTags = /&lt;(\/?(?:details|summary))&gt;/g;

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escapeHtml(text).replaceAll(allowedTags, '<$1>'),
    image: ({ text }) => escapeHtml(text),
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      return href.startsWith('https://') ? `<a href="${escapeHtml(href)}">${text}</a>` : text;
    },
  },
});

/** Renders GitHub Flavored Markdown, without images, scripts or other HTML than folded sections. */
export function renderMarkdown(markdown: string): Markup {
  return new Markup(marked.parse(markdown, { async: false }));
}
