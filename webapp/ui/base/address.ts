// A page that answered a form cannot be asked for again: «Back» would lead to the browser's own error page.
// On leaving it takes the address under which it can.
export function startAddress(): void {
  const address = document.body.dataset["address"];
  if (!address) return;
  const take = (event: Event): void => {
    if (!event.defaultPrevented) history.replaceState(null, "", address);
  };
  document.addEventListener("submit", take);
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("a[href]")) take(event);
  });
}
