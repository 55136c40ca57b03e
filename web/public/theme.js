// Before anything is painted, so that no page flashes in the other theme. A file, because the policy allows no script in the page.
try {
  const wanted = localStorage.getItem('cosmowatch.theme');
  if (wanted === 'light' || wanted === 'dark') document.documentElement.dataset.theme = wanted;
} catch {
  // A browser that keeps nothing follows the system.
}
