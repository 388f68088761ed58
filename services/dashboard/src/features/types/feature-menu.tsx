import { Button, Dialog, DialogTrigger, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import styles from './feature-menu.module.css';
import { firstFeatures, toShownFeatures } from './format-feature.ts';

/** A list of all features of the type, to choose those that have a card and a chart. */
export function FeatureMenu() {
  const { features } = useSensorType();
  const { state: address, push } = useUrlState();
  const shown = toShownFeatures(features, address.features);

  function choose(keys: 'all' | ReadonlySet<unknown>) {
    const names = features.map(({ name }) => name).filter((name) => keys === 'all' || keys.has(name));
    push((state) => ({ ...state, features: names }));
  }

  return (
    <DialogTrigger>
      <Button>
        Features: {shown.length} of {features.length}
      </Button>
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <Dialog aria-label="Shown features" className={styles.dialog ?? ''}>
          <ListBox
            aria-label="Shown features"
            className={styles.list ?? ''}
            items={features}
            selectionMode="multiple"
            disallowEmptySelection
            selectedKeys={shown.map(({ name }) => name)}
            onSelectionChange={choose}
          >
            {({ name, title }) => (
              <ListBoxItem id={name} textValue={title} className={styles.item ?? ''}>
                {title}
              </ListBoxItem>
            )}
          </ListBox>
          <Button onPress={() => push((state) => ({ ...state, features: [] }))}>First {firstFeatures}</Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
