/** The key and the button that are held down to talk. */

/**
 * @param {HTMLButtonElement} hold
 * @param {() => string} code of the key, as KeyboardEvent.code
 * @param {(pressed: boolean) => void} changed
 */
export function listenForPushToTalk(hold, code, changed) {
  let held = false;
  const set = (/** @type {boolean} */ pressed) => {
    if (pressed !== held) {
      held = pressed;
      hold.setAttribute('aria-pressed', String(pressed));
      changed(pressed);
    }
  };
  hold.addEventListener('pointerdown', (event) => {
    hold.setPointerCapture(event.pointerId);
    set(true);
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
    hold.addEventListener(end, () => set(false));
  }
  hold.addEventListener('contextmenu', (event) => event.preventDefault());
  const isHoldKey = (/** @type {KeyboardEvent} */ event) =>
    event.target === hold && (event.code === 'Space' || event.code === 'Enter');
  document.addEventListener('keydown', (event) => {
    if (isHoldKey(event)) {
      event.preventDefault();
      set(true);
    } else if (event.code === code() && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
      event.preventDefault();
      set(true);
    }
  });
  document.addEventListener('keyup', (event) => {
    if (isHoldKey(event) || event.code === code()) {
      set(false);
    }
  });
  // Whoever leaves the page lets go of the key without the page being told.
  window.addEventListener('blur', () => set(false));
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type))
  );
}

/** @param {string} code */
export function keyName(code) {
  return code.replace(/^Key|^Digit/, '').replace(/([a-z])([A-Z0-9])/g, '$1 $2');
}
