/* Optional: the way back to the register leads to the list as it was left, with its filter, order, page and place.
   The browser's own Back does the same by itself. */
const KEY = "register-as-left";
const isList = document.getElementById("register") !== null;

function kept() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
}

function keep(changes) {
  sessionStorage.setItem(KEY, JSON.stringify({ ...kept(), ...changes }));
}

if (isList) {
  const { path, search, top, returns } = kept();
  if (returns && path === location.pathname && search === location.search) scrollTo(0, top);
  keep({ returns: false });
  addEventListener("pagehide", () => keep({ path: location.pathname, search: location.search, top: scrollY }));
} else {
  const { path, search } = kept();
  for (const link of document.querySelectorAll(".crumbs a")) {
    if (link.pathname === path && link.search === "") {
      link.search = search;
      link.addEventListener("click", () => keep({ returns: true }));
    }
  }
}
