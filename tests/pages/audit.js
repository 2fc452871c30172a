// What is wrong with the page as it stands, in words; `named` is whether it must have the parts that all our pages have.
(named) => {
  const faults = [];
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const tell = (element) => `<${element.localName} class="${element.className}"> ${element.textContent.trim().slice(0, 40)}`;
  const headings = [...document.querySelectorAll("h1")].filter(seen);
  if (headings.length !== 1 || !headings[0].textContent.trim()) faults.push(`${headings.length} headings of the first level`);
  if (!document.documentElement.lang) faults.push("no language");
  if (document.title.trim().length < 3) faults.push("no title");
  const landmarks = named ? ["body > header", "nav[aria-label]", "main#main", "body > footer"] : ["main"];
  for (const landmark of landmarks) if (!document.querySelector(landmark)) faults.push(`no ${landmark}`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) faults.push(`two of id ${id}`);
  for (const link of document.querySelectorAll('a[href^="#"]'))
    if (link.hash && !document.getElementById(decodeURIComponent(link.hash.slice(1)))) faults.push(`leads nowhere: ${link.hash}`);
  for (const address of [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href")))
    if (!/^(https?|mailto):/.test(new URL(address, document.baseURI).href)) faults.push(`link to ${address.slice(0, 60)}`);
  for (const element of document.querySelectorAll("*")) {
    if ([...element.attributes].some(({ name }) => name.startsWith("on"))) faults.push(`script in ${tell(element)}`);
    const parent = element.parentElement;
    if (getComputedStyle(element).cursor !== "pointer" || (parent && getComputedStyle(parent).cursor === "pointer")) continue;
    if (seen(element) && !element.closest("a[href], button, summary, label, select, input, [tabindex], [role=option]"))
      faults.push(`only for mice: ${tell(element)}`);
  }
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) {
    const wide = [...document.body.querySelectorAll("*")].filter((element) => seen(element) &&
      element.getBoundingClientRect().right > innerWidth + 1 && ![...element.children].some((child) => child.getBoundingClientRect().right > innerWidth + 1));
    faults.push(`${scrollWidth} wide in a window of ${innerWidth}: ${wide.slice(0, 3).map(tell).join("; ")}`);
  }
  return faults;
}
