import { type Html, html } from './html.ts';

/**
 * A form that the script of passkeys shows and fills: `get` proves a factor, `create` makes one. Without the script it stays hidden,
 * since it could not do anything.
 */
export function passkeyForm(form: { purpose: 'get' | 'create'; action: string; label: string; next: string; fields?: Html }): Html {
  return html`<form method="post" action="${form.action}" class="fs-form fs-passkey" data-passkey="${form.purpose}" hidden>
<input type="hidden" name="next" value="${form.next}">
<input type="hidden" name="response" value="">
${form.fields ?? null}
<button class="fs-button fs-button-primary" type="submit">${form.label}</button>
<p class="fs-muted" role="status"></p>
</form>`;
}

/** For browsers that run no script or know no passkeys. */
export function passkeyFallback(text: string): Html {
  return html`<noscript><p>${text}</p></noscript>`;
}
