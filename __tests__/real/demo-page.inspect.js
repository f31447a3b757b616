// Runs in the browser.

function nameOf({ tagName, className, textContent }) {
  return `${tagName.toLowerCase()}.${className}: ${textContent.trim().slice(0, 40)}`;
}

function scrolls(element) {
  return /auto|scroll/.test(getComputedStyle(element).overflowX);
}

function isInScroller({ parentElement }) {
  return parentElement !== null && (scrolls(parentElement) || isInScroller(parentElement));
}

/** Whether an element is larger than its box and has no scroll bar, or is outside the window. */
function overflows(element) {
  const { clientWidth, clientHeight, scrollWidth, scrollHeight } = element;
  const isCut = /hidden|clip/.test(getComputedStyle(element).overflowY);
  return (
    (clientWidth > 0 && scrollWidth > clientWidth + 1 && !scrolls(element)) ||
    (clientHeight > 0 && scrollHeight > clientHeight + 1 && isCut) ||
    (!isInScroller(element) &&
      element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  );
}

function channelsOf(color) {
  return color.match(/[\d.]+/g).map(Number);
}

/** Returns the relative luminance of a colour (WCAG 2.2, https://www.w3.org/TR/WCAG22/). */
function luminanceOf(color) {
  const [red, green, blue] = channelsOf(color)
    .slice(0, 3)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function backgroundOf(element) {
  const { backgroundColor } = getComputedStyle(element);
  if (channelsOf(backgroundColor)[3] !== 0) return backgroundColor;
  return backgroundOf(element.parentElement);
}

function contrastOf(element) {
  const [dark, light] = [getComputedStyle(element).color, backgroundOf(element)]
    .map(luminanceOf)
    .toSorted((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

function hasText({ childNodes }) {
  return [...childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== '');
}

/** Opens all sections. Returns the elements that do not fit, and the texts with too little contrast. */
function inspect() {
  for (const details of document.querySelectorAll('details')) details.open = true;
  const elements = [...document.body.querySelectorAll('*')].filter((one) => one.checkVisibility());
  const texts = elements.filter(hasText);
  const { scrollWidth, clientWidth } = document.documentElement;
  return {
    texts: texts.length,
    tooWide: scrollWidth - clientWidth,
    overflowing: elements.filter(overflows).map(nameOf),
    faint: texts.filter((element) => contrastOf(element) < 4.5).map(nameOf),
    background: luminanceOf(backgroundOf(document.body)),
  };
}

inspect();
