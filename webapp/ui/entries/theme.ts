// Runs before the first paint, as a classic script in the head: "auto" becomes what the system prefers.
{
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = (): void => {
    const wanted = root.dataset["theme"] ?? "auto";
    root.dataset["bsTheme"] = wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted;
  };
  dark.addEventListener("change", apply);
  apply();
}
