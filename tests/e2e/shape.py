"""What a thumb, an eye and a screen reader would miss on the page as it stands."""

from typing import Any

from playwright.sync_api import Page

VISIBLE = """const visible = (node) => node.checkVisibility({visibilityProperty: true})
  && node.getBoundingClientRect().width > 2;"""

# Links inside a sentence are text; everything else that takes a tap is a target.
_LOW = f"""() => {{ {VISIBLE}
  return [...document.querySelectorAll('button, select, textarea, input, a')]
    .filter((node) => visible(node) && !node.closest('.text'))
    .map((node) => [node.outerHTML.slice(0, 90), node.getBoundingClientRect().height])
    .filter(([, height]) => height < 48); }}"""

_SMALL = f"""() => {{ {VISIBLE}
  return [...document.querySelectorAll('body, .text, .choice, textarea, input, .intro p, .lead')]
    .filter((node) => visible(node) && parseFloat(getComputedStyle(node).fontSize) < 18)
    .map((node) => node.outerHTML.slice(0, 90)); }}"""

_NAMELESS = f"""() => {{ {VISIBLE}
  const named = (node) => node.getAttribute('aria-label') || node.textContent.trim()
    || node.labels?.[0]?.textContent.trim();
  return [...document.querySelectorAll('button, a, select, textarea, input')]
    .filter((node) => visible(node) && !named(node))
    .map((node) => node.outerHTML.slice(0, 90)); }}"""

_FAINT = f"""() => {{ {VISIBLE}
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const over = (top, under) => [0, 1, 2].map((i) =>
    top[i] * (top[3] ?? 1) + under[i] * (1 - (top[3] ?? 1)));
  const light = (rgb) => rgb.map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const chain = (node) => (node ? [...chain(node.parentElement), node] : []);
  const ground = (node) => chain(node).reduce((under, each) => {{
    const style = getComputedStyle(each);
    const [r, g, b, alpha = 1] = numbers(style.backgroundColor);
    return over([r, g, b, alpha * style.opacity], under);
  }}, [255, 255, 255]);
  const opacity = (node) => chain(node).reduce((all, each) =>
    all * getComputedStyle(each).opacity, 1);
  const ratio = (node) => {{
    const under = ground(node);
    const [r, g, b, alpha = 1] = numbers(getComputedStyle(node).color);
    const [high, low] = [light(over([r, g, b, alpha * opacity(node)], under)), light(under)]
      .sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  }};
  const speaks = (node) => [...node.childNodes].some((child) =>
    child.nodeType === Node.TEXT_NODE && child.textContent.trim());
  return [...document.querySelectorAll('body *')]
    .filter((node) => visible(node) && speaks(node) && !node.closest(':disabled'))
    .map((node) => [node.outerHTML.slice(0, 90), ratio(node)])
    .filter(([, found]) => found < 4.5); }}"""

_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_OUT = f"""() => {{ {VISIBLE}
  return [...document.querySelectorAll('.row *, .composer *, .pane-head *, .banner *, .card *')]
    .filter((node) => visible(node) && !node.closest('.chips, .sr-only'))
    .filter((node) => {{ const box = node.getBoundingClientRect();
      return box.left < -1 || box.right > document.documentElement.clientWidth + 1; }})
    .map((node) => node.outerHTML.slice(0, 90)); }}"""


def faults(page: Page) -> dict[str, Any]:
    """What is wrong with what is on the screen."""
    found = {
        "scrolls sideways": max(0, page.evaluate(_WIDE)),
        "out of sight": page.evaluate(_OUT),
        "low targets": page.evaluate(_LOW),
        "small text": page.evaluate(_SMALL),
        "without a name": page.evaluate(_NAMELESS),
        "faint": page.evaluate(_FAINT),
    }
    return {name: what for name, what in found.items() if what}
