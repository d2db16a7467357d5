'use strict';
(() => {
  const by = (id) => document.getElementById(id);
  const filters = by('filters');
  const cards = [...document.querySelectorAll('#findings > article')].map((card) => ({ card, text: card.textContent.toLowerCase() }));
  const apply = () => {
    const words = by('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set([...filters.querySelectorAll('[name=severity]:checked')].map((box) => box.value));
    const rule = by('rule').value;
    const waived = by('waived').checked;
    let shown = 0;
    for (const { card, text } of cards) {
      const fits = severities.has(card.dataset.severity)
        && (!rule || card.dataset.rule === rule)
        && (waived || !('waived' in card.dataset))
        && words.every((word) => text.includes(word));
      card.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    by('shown').textContent = `${shown} shown`;
    by('none').hidden = shown > 0 || cards.length === 0;
  };
  filters.addEventListener('input', apply);
  filters.addEventListener('submit', (event) => event.preventDefault());
  by('theme').addEventListener('click', () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  });
  filters.hidden = false;
  apply();
})();
