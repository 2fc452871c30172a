SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger", deepLinking: false, validatorUrl: null });
