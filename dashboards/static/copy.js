/* Copies the text beside a button, and narrows the list of tables. Without it the page reads as well. */
(function () {
  "use strict";
  const SECONDS = 2;

  function fallback(code) {
    const range = document.createRange();
    range.selectNodeContents(code);
    const chosen = window.getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
    return document.execCommand("copy");
  }

  async function copied(code) {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch (refused) {
      return fallback(code);
    }
  }

  document.querySelectorAll("button.copy").forEach((button) => {
    const code = button.parentElement.querySelector("code");
    const word = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.textContent = (await copied(code)) ? "Copied" : "Marked: press Ctrl-C";
      window.setTimeout(() => { button.textContent = word; }, SECONDS * 1000);
    });
  });

  function narrow(table, words) {
    const head = table.dataset.name + " " + table.querySelector("summary").textContent.toLowerCase();
    let n = 0;
    table.querySelectorAll("tbody tr").forEach((row) => {
      const text = head + " " + row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      n += row.hidden ? 0 : 1;
    });
    table.hidden = n === 0;
    table.open = words.length > 0 && n > 0;
    return n;
  }

  document.querySelectorAll("[data-filter]").forEach((part) => {
    const box = part.querySelector("input[type=search]");
    const told = part.querySelector("[aria-live]");
    part.querySelectorAll("[data-needs-script]").forEach((held) => { held.hidden = false; });
    box.addEventListener("input", () => {
      const words = box.value.toLowerCase().split(/\s+/).filter((word) => word);
      let columns = 0;
      let tables = 0;
      part.querySelectorAll("[data-group]").forEach((group) => {
        let here = 0;
        group.querySelectorAll("details").forEach((table) => {
          const n = narrow(table, words);
          columns += n;
          here += n > 0 ? 1 : 0;
        });
        group.hidden = here === 0;
        tables += here;
      });
      told.textContent = words.length ? columns + (columns === 1 ? " column" : " columns") + " in " + tables + (tables === 1 ? " table" : " tables") : "";
    });
  });
})();
