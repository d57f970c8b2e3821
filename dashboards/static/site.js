/* Draws the figures of a page from the JSON beside them. No network, no state, no ids of data. */
(function () {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const phone = window.matchMedia("(max-width: 640px)");
  const themes = window.carryoverThemes;
  const RUN_PAGE = /^(\.\.\/)?runs\/[0-9-]{10}-[0-9a-f]{8}\.html$/;
  const CONFIG = { responsive: true, displayModeBar: false, displaylogo: false, doubleClick: false };
  const NEAR_PX = 800;
  let printing = false;

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

  function paceText(secondsPerKm) {
    if (secondsPerKm === null || secondsPerKm === undefined) return "";
    const whole = Math.round(secondsPerKm);
    return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0") + " min/km";
  }

  /* Seconds a kilometre read as a pace; an x that traces share is written once, as `=0`. */
  function completed(data) {
    data.forEach((trace) => {
      if (typeof trace.x === "string") trace.x = data[Number(trace.x.slice(1))].x;
      if (trace.meta === "pace") trace.hovertext = trace.y.map(paceText);
    });
    return data;
  }

  function beside(box, what) {
    const script = document.getElementById(box.id + "-" + what);
    return script ? JSON.parse(script.textContent) : null;
  }

  function themed(spec) {
    const isDark = dark.matches && !printing;
    const told = isDark ? exchanged(spec) : spec;
    const layout = { ...told.layout, template: isDark ? themes.dark : themes.light };
    const changes = (layout.meta && layout.meta.narrow) || {};
    if (phone.matches) Object.entries(changes).forEach(([path, v]) => place(layout, path, v));
    return { data: told.data, layout };
  }

  function specOf(box) {
    return box.carryoverSpec ? box.carryoverSpec() : beside(box, "data");
  }

  function pageOf(point) {
    const page = point && (point.id || point.customdata);
    return typeof page === "string" && RUN_PAGE.test(page) ? page : "";
  }

  function follow(event) {
    const page = event.points.map(pageOf).find(Boolean);
    if (page) window.location.href = page;
  }

  function draw(box) {
    const spec = specOf(box);
    if (!spec) return;
    const { data, layout } = themed({ ...spec, data: completed(spec.data) });
    const isNew = !box.classList.contains("js-plotly-plot");
    window.Plotly.react(box, data, layout, CONFIG);
    if (!isNew) return;
    box.on("plotly_click", follow);
    walkable(box);
    box.dispatchEvent(new CustomEvent("carryover:drawn"));
  }

  /* Arrow keys go from run to run, Enter opens it: what a pointer can do, keys can. */
  function walkable(box) {
    const stops = () => {
      const found = [];
      (box.data || []).forEach((trace, curveNumber) => {
        const links = trace.ids || trace.customdata || [];
        Array.from(links).forEach((link, pointNumber) => {
          if (trace.visible !== false && typeof link === "string" && RUN_PAGE.test(link)) {
            found.push({ curveNumber, pointNumber, link, x: String(trace.x[pointNumber]) });
          }
        });
      });
      return found.sort((a, b) => (a.x < b.x ? -1 : a.x > b.x ? 1 : 0));
    };
    if (!stops().length) return;
    const said = box.parentElement.querySelector(".said");
    box.tabIndex = 0;
    let at = null;
    box.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const all = stops();
      if (step && all.length) {
        const here = all.findIndex((s) => at && s.link === at.link);
        const next = here < 0 ? all.length - 1 : here + step;
        at = all[Math.max(0, Math.min(all.length - 1, next))];
        window.Plotly.Fx.hover(box, [{ curveNumber: at.curveNumber, pointNumber: at.pointNumber }]);
        said.textContent = at.x + ": " + words(box.data[at.curveNumber], at.pointNumber);
        event.preventDefault();
      } else if (event.key === "Enter" && at) {
        window.location.href = at.link;
      }
    });
  }

  function words(trace, index) {
    const text = trace.hovertext ? trace.hovertext[index] : "";
    return String(text || trace.y[index]).replace(/<br>/g, ", ").replace(/<[^>]*>/g, "");
  }

  /* PNG and SVG with the words that stand around the figure on the page. */
  function save(box, format) {
    const caption = box.parentElement.querySelector("figcaption");
    const [title, subtitle] = [":is(h2, h3, h4)", "p"].map((s) => {
      const part = caption && caption.querySelector(s);
      return part ? part.textContent : "";
    });
    const wide = 1200;
    const lines = wrapped(subtitle, 150);
    const above = 50 + 18 * lines.length;
    const paper = dark.matches ? themes.dark.paper : themes.light.paper;
    const layout = JSON.parse(JSON.stringify(box.layout));
    delete layout.width;
    layout.height = box.clientHeight + above;
    layout.margin = { ...layout.margin, t: ((layout.margin && layout.margin.t) || 12) + above };
    layout.paper_bgcolor = paper;
    layout.title = {
      text: escaped(title) + "<br><sup>" + lines.map(escaped).join("<br>") + "</sup>",
      x: 0, xref: "container", xanchor: "left", pad: { l: 16, t: 12 }, y: 1, yref: "container",
      yanchor: "top", font: { size: 18 },
    };
    const name = (title || "figure").toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60);
    window.Plotly.downloadImage(
      { data: box.data, layout, config: CONFIG },
      { format, width: wide, height: layout.height, filename: "carryover-" + name, scale: 2 },
    );
  }

  function escaped(text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  function wrapped(text, most) {
    return text.split(" ").reduce((lines, word) => {
      const last = lines[lines.length - 1];
      if (last !== undefined && (last + " " + word).length <= most) {
        lines[lines.length - 1] = (last + " " + word).trim();
      } else lines.push(word);
      return lines;
    }, []);
  }

  function tools(box) {
    const line = document.createElement("p");
    line.className = "tools";
    ["png", "svg"].forEach((format) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Save as " + format.toUpperCase();
      button.addEventListener("click", () => save(box, format));
      line.append(button);
    });
    const said = document.createElement("span");
    said.className = "said hidden";
    said.setAttribute("aria-live", "polite");
    line.append(said);
    box.insertAdjacentElement("afterend", line);
  }

  const boxes = [...document.querySelectorAll(".plot")];
  const waiting = new Set(boxes);

  function drawNow(box) {
    if (!waiting.delete(box)) return;
    draw(box);
  }

  function redraw() {
    boxes.filter((box) => !waiting.has(box)).forEach(draw);
  }

  /* What is in sight first; the rest when there is time. */
  function start() {
    boxes.forEach(tools);
    boxes.filter((box) => box.getBoundingClientRect().top < window.innerHeight + NEAR_PX)
      .forEach(drawNow);
    const later = window.requestIdleCallback || ((work) => window.setTimeout(work, 30));
    (function next() {
      const [box] = waiting;
      if (box) later(() => { drawNow(box); next(); });
    })();
  }

  window.carryover = { draw, specOf, paceText, RUN_PAGE };
  dark.addEventListener("change", redraw);
  phone.addEventListener("change", redraw);
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
    printing = true;
    boxes.forEach(drawNow);
    redraw();
  });
  window.addEventListener("afterprint", () => { printing = false; redraw(); });
  document.addEventListener("DOMContentLoaded", start);
})();
