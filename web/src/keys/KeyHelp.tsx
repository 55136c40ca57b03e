import { Modal } from '@mantine/core';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/CloseButton.css';
import { knownKeys, turnKeys, useAreKeysOn } from './keys.ts';

/** Every key that works where one is. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  const isOn = useAreKeysOn();
  return (
    <Modal opened onClose={onClose} title="Keys" size={560} closeButtonProps={{ 'aria-label': 'Close' }}>
      {knownKeys().map(({ title, keys }) => (
        <section key={title} className="key-group">
          <h3>{title}</h3>
          <dl>
            {keys.map((key) => (
              <div key={key.keys}>
                <dt>
                  {key.keys.split(' ').map((one) => (
                    <kbd key={one}>{one.length === 1 ? one.toUpperCase() : one}</kbd>
                  ))}
                </dt>
                <dd>{key.does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <label className="key-switch">
        <input type="checkbox" className="check" checked={isOn} onChange={(event) => turnKeys(event.target.checked)} />
        Single letters do something
      </label>
    </Modal>
  );
}
