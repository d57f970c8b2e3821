/* Draws the figures of a page from the JSON beside them. No network, no state, no ids of data. */
(function () {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const phone = window.matchMedia("(max-width: 640px)");
  const themes = window.carryoverThemes;
  const RUN_PAGE = /^runs\/[0-9-]{10}-[0-9a-f]{8}\.html$/;

  function exchanged(value) {
    if (typeof value === "string") return themes.swap[value] || value;
    if (Array.isArray(value)) return value.map(exchanged);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, exchanged(v)]));
  }

  function place(layout, path, value) {
    const keys = path.split(".");
    const last = keys.pop();
    const at = keys.reduce((inner, key) => (inner[key] = inner[key] || {}), layout);
    at[last] = value;
  }

  function figure(box, isDark) {
    let spec = JSON.parse(document.getElementById(box.id + "-data").textContent);
    if (isDark) spec = exchanged(spec);
    const changes = (spec.layout.meta && spec.layout.meta.narrow) || {};
    if (phone.matches) Object.entries(changes).forEach(([path, v]) => place(spec.layout, path, v));
    spec.layout.template = isDark ? themes.dark : themes.light;
    return spec;
  }

  function follow(event) {
    const page = event.points[0] && event.points[0].customdata;
    if (typeof page === "string" && RUN_PAGE.test(page)) window.location.href = page;
  }

  function draw(isDark) {
    document.querySelectorAll(".plot").forEach((box) => {
      const spec = figure(box, isDark);
      const config = { responsive: true, displayModeBar: false, displaylogo: false };
      const isNew = !box.classList.contains("js-plotly-plot");
      window.Plotly.react(box, spec.data, spec.layout, config);
      if (isNew) box.on("plotly_click", follow);
    });
  }

  function onScreen() { draw(dark.matches); }
  onScreen();
  dark.addEventListener("change", onScreen);
  phone.addEventListener("change", onScreen);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
    draw(false);
  });
  window.addEventListener("afterprint", onScreen);
})();
