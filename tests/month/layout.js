// What does not hold together on the page at the width that it is shown at: sideways scrolling, texts that cover one another or are cut off,
// controls whose focus nobody sees, faults of fields that no field names.
(width) => {
  const found = [];
  const told = (one) => `<${one.tagName.toLowerCase()} class="${one.getAttribute('class') || ''}"> ${(one.textContent || '').trim().replace(/\s+/g, ' ').slice(0, 60)}`;
  const root = document.documentElement;
  if (root.scrollWidth > width) found.push(`is ${root.scrollWidth} px wide`);

  const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !parent || parent.closest('script, style, title, option, .skip') || !shown(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (box.width > 2 && box.height > 2) texts.push({ node, parent, box });
  }
  // Lines of one text touch one another by the height of their letters; what covers more than that is covered.
  texts.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < texts.length; i++) {
    for (let j = i + 1; j < texts.length && texts[j].box.top < texts[i].box.bottom; j++) {
      const [a, b] = [texts[i].box, texts[j].box];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (texts[i].node !== texts[j].node && wide > 3 && high > 0.5 * Math.min(a.height, b.height)) found.push(`covered: ${told(texts[i].parent)} and ${told(texts[j].parent)}`);
    }
  }
  for (const { parent, box } of texts) {
    if (box.right + scrollX < 0 || box.bottom + scrollY < 0) { found.push(`outside of the page: ${told(parent)}`); continue; }
    const svg = parent.closest('svg');
    if (svg) {
      const edge = svg.getBoundingClientRect();
      if (box.left < edge.left - 2 || box.right > edge.right + 2 || box.top < edge.top - 2 || box.bottom > edge.bottom + 2) found.push(`beyond its picture: ${told(parent)}`);
    }
  }
  if (matchMedia('print').matches) {
    for (const one of document.querySelectorAll('section, figure, .picture, .scrolled')) if (one.scrollWidth > one.clientWidth + 2 && shown(one)) found.push(`cut off on paper (${one.scrollWidth} of ${one.clientWidth}): ${told(one)}`);
    return found.slice(0, 8);
  }
  const tried = new Set();
  for (const one of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')) {
    if (!shown(one) || one.closest('.skip')) continue;
    if (one.tabIndex > 0) found.push(`has a place of its own in the order of keys: ${told(one)}`);
    const kind = `${one.tagName} ${one.className} ${one.parentElement.className}`;
    if (!tried.has(kind)) {
      tried.add(kind);
      one.focus({ focusVisible: true, preventScroll: true });
      const style = getComputedStyle(one);
      if (document.activeElement === one && (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2)) found.push(`its focus is not seen: ${told(one)}`);
    }
    if (width <= 390 && (one.matches('button, select, input, a.button')) && one.getBoundingClientRect().height < 24) found.push(`too small to touch: ${told(one)}`);
  }
  document.activeElement?.blur?.();
  for (const fault of document.querySelectorAll('.fault')) {
    const field = fault.id && document.querySelector(`[aria-describedby~="${CSS.escape(fault.id)}"][aria-invalid="true"]`);
    if (!field) found.push(`a fault that no field names: ${told(fault)}`);
  }
  return found.slice(0, 8);
}
