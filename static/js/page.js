/* Optional: pages are complete without it. Gives focus to what was refused, walks the heatmap by arrow keys,
   closes open menus, and lets "/" go to the search field. */
try {
  if (localStorage.getItem("keys") === "off") document.documentElement.dataset.keys = "off"; // see rows.js
} catch {
  // A browser that keeps nothing.
}

const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function focusRefusal(root) {
  root.querySelector("[data-focus]")?.focus();
}

function walk(event, cell) {
  const [down, across] = steps[event.key];
  const rows = [...cell.closest("tbody").rows];
  let row = rows.indexOf(cell.parentElement) + down;
  let column = cell.cellIndex + across;
  while (rows[row]?.cells[column]) {
    const link = rows[row].cells[column].querySelector("a");
    if (link) {
      link.focus();
      event.preventDefault();
      return;
    }
    row += down;
    column += across;
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.pick[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

function leaveMenu() {
  document.activeElement.closest("details.pick[open]")?.querySelector("summary").focus();
  closeMenus(null);
}

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") leaveMenu();
  const cell = event.target.closest?.("[data-heat] td");
  if (cell && steps[event.key]) {
    walk(event, cell);
  } else if (event.key === "/" && document.documentElement.dataset.keys !== "off" && !event.target.closest("input, select, textarea")) {
    const search = document.querySelector("[data-search]");
    if (search) {
      search.focus();
      event.preventDefault();
    }
  }
});

document.addEventListener("htmx:afterSwap", (event) => focusRefusal(event.target));
focusRefusal(document);
