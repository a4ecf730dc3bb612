"""What does not fit a small screen: cut words, low or covered buttons, letters below 16 px."""

from typing import Any

from playwright.sync_api import Page

from tests.e2e.shape import VISIBLE

#: CSS pixels: the least height of what takes a tap, and of letters.
LOWEST, SMALLEST = 44, 16

# A photo's name under the clip and a quoted line are shortened on purpose; the rows of persons,
# of rooms and of files to be sent scroll sideways by themselves.
_START = f"""({{lowest, smallest}}) => {{ {VISIBLE}
  const top = [...document.querySelectorAll('dialog[open]')].pop() || document.body;
  const across = document.documentElement.clientWidth; // innerWidth grows with what is too wide
  const all = (what) => [...top.querySelectorAll(what)].filter((node) => visible(node)
    && !node.closest('.sr-only, .skip'));
  const words = (node) => [...node.childNodes].some((child) =>
    child.nodeType === Node.TEXT_NODE && child.textContent.trim());
  const short = (node) => node.outerHTML.slice(0, 110);
  const sideways = '.persona-row, .room-tabs, .chips';
  const out = (node) => {{ const box = node.getBoundingClientRect();
    return !node.closest(sideways) && (box.left < -1 || box.right > across + 1); }};
"""

_WORDS = (
    _START
    + """const texts = all('*').filter(words);
  const cut = (node) => !node.closest('.chips, .reply-text, .quoted, textarea') && (
    out(node) || (getComputedStyle(node).overflowX !== 'visible'
    && node.scrollWidth > node.clientWidth + 1));
  return {
    'scrolls sideways': document.scrollingElement.scrollWidth > across
      ? [document.scrollingElement.scrollWidth] : [],
    'small letters': texts.filter((node) =>
      parseFloat(getComputedStyle(node).fontSize) < smallest).map(short),
    'cut words': texts.filter(cut).map(short),
  }; }"""
)

_BUTTONS = (
    _START
    + """const targets = all('button, select, textarea, input, a[href], audio')
    .filter((node) => !node.closest('.text, dd, .lead'));
  const covered = (node) => hidden(node, 'nearest') && hidden(node, 'center');
  const hidden = (node, block) => {
    node.scrollIntoView({block, inline: 'nearest'});
    const box = node.getBoundingClientRect();
    const found = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return !found || !(node.contains(found) || found.contains(node) && found.matches('label'));
  };
  const spilt = (node) => node.tagName === 'BUTTON'
    && (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1);
  return {
    'low': targets.filter((node) => node.getBoundingClientRect().height < lowest).map(short),
    'out of the screen': targets.filter(out).map(short),
    'words beyond the button': targets.filter(spilt).map(short),
    'covered': targets.filter(covered).map(short),
  }; }"""
)
# Sizes that follow other sizes are right one frame later.
_DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def misfits(page: Page) -> dict[str, Any]:
    """What is wrong with what is on the screen; scrolls to each button to see it reached."""
    page.evaluate(_DRAWN)
    asked = {"lowest": LOWEST, "smallest": SMALLEST}
    found = page.evaluate(_WORDS, asked) | page.evaluate(_BUTTONS, asked)
    return {name: what for name, what in found.items() if what}
