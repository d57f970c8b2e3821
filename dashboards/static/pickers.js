/* The trends: joins what all metrics share with those that are picked, over the time picked. */
(function () {
  "use strict";
  const pickers = document.getElementById("pickers");
  if (!pickers) return;
  const box = document.getElementById("trend");
  const held = {};
  const waiting = {};
  const ALONE = [0.27, 1];
  const UPPER = [0.64, 1];
  const LOWER = [0.25, 0.56];
  const STRIP = [0, 0.17];
  const ROOM = 0.08;
  const by = (id) => document.getElementById(id);
  const picked = { metric: pickers.dataset.first, beside: "", view: "adjusted", months: 24 };
  let range = null;

  /* Files of values call this; they are data in a script because a page from disk may read those. */
  window.carryoverTrends = function (name, part) {
    held[name] = part;
    (waiting[name] || []).forEach((done) => done());
    delete waiting[name];
  };

  function load(name, done) {
    if (held[name]) { done(); return; }
    (waiting[name] = waiting[name] || []).push(done);
    if (waiting[name].length > 1) return;
    const script = document.createElement("script");
    script.src = pickers.dataset.folder + name + ".js";
    document.body.append(script);
  }

  function resolved(value, columns) {
    if (typeof value === "string" && value[0] === "$") return columns[value.slice(1)];
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value;
    if (value.words && value.at) return value.at.map((index) => value.words[index]);
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolved(v, columns)]));
  }

  function viewOf(name) {
    const { views } = held[name];
    return views[picked.view] || views.plain;
  }

  /* A second metric stands beneath the first, on an axis of its own. */
  function panel(name, axis) {
    const view = viewOf(name);
    const columns = { ...held.shared.columns, ...held[name].columns };
    const data = view.data.map((trace) => ({ ...resolved(trace, columns), yaxis: axis }));
    const copied = JSON.parse(JSON.stringify(view.layout));
    const shapes = (copied.shapes || []).map((s) => (s.yref === "y" ? { ...s, yref: axis } : s));
    return { data, axis: copied.yaxis, shapes, annotations: copied.annotations || [], fixed: "range" in copied.yaxis };
  }

  function months(count) {
    const [first, last] = held.shared.span;
    if (!count) return [first, last];
    const from = new Date(last + "T00:00:00Z");
    from.setUTCMonth(from.getUTCMonth() - count);
    const start = from.toISOString().slice(0, 10);
    return [start > first ? start : first, last];
  }

  function within(data, axis, least) {
    let [low, high] = [Infinity, -Infinity];
    data.forEach((trace) => {
      if (trace.yaxis !== axis || !trace.mode || !trace.mode.includes("markers")) return;
      trace.y.forEach((y, index) => {
        const x = trace.x[index];
        if (y === null || x === null || x < range[0] || x > range[1]) return;
        low = Math.min(low, y);
        high = Math.max(high, y);
      });
    });
    if (low > high) return null;
    const room = Math.max((high - low) * ROOM, (least - (high - low)) / 2);
    return [low - room, high + room];
  }

  function spec() {
    const strip = held.shared.strip;
    const upper = panel(picked.metric, "y");
    const lower = picked.beside ? panel(picked.beside, "y3") : null;
    const data = [...upper.data, ...(lower ? lower.data : []), ...strip.data];
    const axes = { yaxis: { ...upper.axis, domain: lower ? UPPER : ALONE, anchor: "x", fixedrange: true } };
    if (lower) axes.yaxis3 = { ...lower.axis, domain: LOWER, anchor: "x", fixedrange: true };
    [["yaxis", "y", upper], ["yaxis3", "y3", lower]].forEach(([name, axis, told]) => {
      const least = told ? held[axis === "y" ? picked.metric : picked.beside].least : 0;
      const seen = told && !told.fixed ? within(data, axis, least) : null;
      if (seen) axes[name].range = seen;
      if (told && lower) axes[name].title = { text: held[axis === "y" ? picked.metric : picked.beside].label + ", " + (told.axis.title.text || "") };
    });
    return {
      data,
      layout: {
        ...strip.layout, ...axes,
        height: box.clientHeight, dragmode: "zoom", hovermode: "x", hoversubplots: "axis",
        hoverdistance: 30,
        yaxis2: { ...strip.layout.yaxis2, domain: STRIP },
        xaxis: { ...strip.layout.xaxis, range, showspikes: true, spikemode: "across", spikethickness: 1, spikedash: "dot", spikesnap: "hovered data" },
        shapes: [...strip.layout.shapes, ...upper.shapes, ...(lower ? lower.shapes : [])],
        annotations: upper.annotations,
        meta: { narrow: { "xaxis.nticks": 5, dragmode: false } },
      },
    };
  }

  function tell() {
    const view = viewOf(picked.metric);
    by("trend-title").textContent = view.title;
    const beside = picked.beside ? " " + held[picked.beside].label + ": " + viewOf(picked.beside).title.replace(/^[^:]*: /, "") + "." : "";
    by("trend-subtitle").textContent = view.subtitle + beside + " " + held.shared.strip.subtitle;
    document.querySelectorAll(".about").forEach((words) => {
      words.hidden = ![picked.metric, picked.beside].includes(words.id);
    });
    by("pick-metric").value = picked.metric;
    by("pick-beside").value = picked.beside;
    const has = held[picked.metric].views.adjusted;
    by("pick-view").querySelectorAll("button").forEach((button) => {
      button.disabled = button.value === "adjusted" && !has;
      button.setAttribute("aria-pressed", String(button.value === (has ? picked.view : "plain")));
    });
    by("pick-span").querySelectorAll("button").forEach((button) => {
      if (/^\d+$/.test(button.value)) {
        button.setAttribute("aria-pressed", String(Number(button.value) === picked.months));
      }
    });
  }

  function show() {
    ["shared", picked.metric, picked.beside].filter(Boolean).reverse()
      .reduce((next, name) => () => load(name, next), () => {
        if (!range) range = months(picked.months);
        tell();
        const isNew = !box.classList.contains("js-plotly-plot");
        window.carryover.draw(box);
        if (isNew) box.on("plotly_relayout", relaid);
      })();
  }

  function relaid(event) {
    const from = event["xaxis.range[0]"];
    const to = event["xaxis.range[1]"];
    if (from === undefined) return;
    range = [String(from).slice(0, 10), String(to).slice(0, 10)];
    picked.months = null;
    show();
  }

  function days(date, count) {
    const moved = new Date(date + "T00:00:00Z");
    moved.setUTCDate(moved.getUTCDate() + count);
    return moved.toISOString().slice(0, 10);
  }

  function step(sign) {
    const long = Math.round((new Date(range[1]) - new Date(range[0])) / 86400000);
    range = range.map((day) => days(day, sign * Math.round(long / 2)));
    picked.months = null;
  }

  /* The address says what is shown, so that it can be kept and sent. */
  function note() {
    const parts = [picked.metric, picked.beside].filter(Boolean).join("+");
    window.history.replaceState(null, "", "#" + parts);
  }

  function fromAddress() {
    const names = [...by("pick-metric").options].map((option) => option.value);
    const [metric, beside] = window.location.hash.slice(1).split("+");
    if (names.includes(metric)) picked.metric = metric;
    picked.beside = names.includes(beside) && beside !== metric ? beside : "";
  }

  by("pick-metric").addEventListener("change", (event) => {
    picked.metric = event.target.value;
    if (picked.beside === picked.metric) picked.beside = "";
    note();
    show();
  });
  by("pick-beside").addEventListener("change", (event) => {
    picked.beside = event.target.value === picked.metric ? "" : event.target.value;
    note();
    show();
  });
  by("pick-view").addEventListener("click", (event) => {
    if (!event.target.value) return;
    picked.view = event.target.value;
    show();
  });
  by("pick-span").addEventListener("click", (event) => {
    const { value } = event.target;
    if (!value) return;
    if (value === "earlier" || value === "later") step(value === "later" ? 1 : -1);
    else {
      picked.months = Number(value);
      range = months(picked.months);
    }
    show();
  });
  window.addEventListener("hashchange", () => {
    fromAddress();
    show();
    pickers.scrollIntoView();
  });

  pickers.hidden = false;
  box.carryoverSpec = () => (held.shared && held[picked.metric] ? spec() : null);
  fromAddress();
  show();
})();
