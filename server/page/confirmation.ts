import { element } from './element.ts';

/** Asks before something is done that cannot be undone; resolves to whether it is wanted. Escape and Cancel say no. */
export function confirmed(label: string, question: string): Promise<boolean> {
  const yes = element('button', { type: 'submit', value: 'yes', class: 'danger' }, `${label} all of it`);
  const no = element('button', { type: 'submit', value: 'no', class: 'quiet', autofocus: '' }, 'Cancel');
  const dialog = element(
    'dialog',
    { 'aria-labelledby': 'confirmation-title', 'aria-describedby': 'confirmation-text' },
    element(
      'form',
      { method: 'dialog' },
      element('h2', { id: 'confirmation-title' }, `${label}?`),
      element('p', { id: 'confirmation-text' }, question),
      element('p', { class: 'choices' }, no, yes),
    ),
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    dialog.showModal();
  });
}
