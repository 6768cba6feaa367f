// Lets the pages around sign-in use passkeys. Without it they work with codes; nothing here decides anything.
(() => {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;

  /** Options of the server for one ceremony. */
  const askOptions = async (purpose) => {
    const response = await fetch('/admin/passkey/options', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams({ purpose }),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(body.detail);
    return body;
  };

  const ceremonies = {
    get: async () => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(await askOptions('get')) }),
    create: async () =>
      navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(await askOptions('create')) }),
  };

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const ceremony = ceremonies[form.dataset.passkey];
    const status = form.querySelector('[role=status]');
    const field = form.querySelector('input[name=response]');
    if (!ceremony || !status || !field) continue;
    form.hidden = false;
    form.addEventListener('submit', async (event) => {
      if (field.value !== '') return;
      event.preventDefault();
      if (form.dataset.isBusy) return;
      form.dataset.isBusy = 'yes';
      status.textContent = 'Follow your device.';
      try {
        const credential = await ceremony();
        field.value = JSON.stringify(credential);
        form.submit();
      } catch (error) {
        const isOurs = error instanceof Error && error.constructor === Error && error.message;
        const isKnown = error instanceof DOMException && error.name === 'InvalidStateError';
        status.textContent = isOurs
          ? error.message
          : isKnown
            ? 'This device holds a passkey for you already.'
            : 'The passkey was not used. Try again, or choose another way.';
        delete form.dataset.isBusy;
      }
    });
  }
})();
