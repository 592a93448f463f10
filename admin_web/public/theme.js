// before the first paint: what somebody chose over the system's colours
try {
  const theme = localStorage.getItem('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // storage may be refused; then the system decides
}
