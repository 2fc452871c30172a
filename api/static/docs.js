SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger", deepLinking: false, validatorUrl: null });
// What follows fragments in there keeps the browser from moving the focus.
document.querySelector(".skip").addEventListener("click", () => document.getElementById("main").focus());
