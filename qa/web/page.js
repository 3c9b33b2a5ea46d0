// Runs once in each block of HTML on the page: links that open an original, examples that ask.
// Gradio gives `element` (the block) and `trigger` (raises an event that page code listens to).
element.addEventListener("click", (event) => {
  const link = event.target.closest("[data-article]");
  if (link) {
    event.preventDefault();
    trigger("open_original", { ...link.dataset });
    return;
  }
  const example = event.target.closest("[data-question]");
  if (example) trigger("ask_example", { ...example.dataset });
});
