import { Autocomplete } from 'react-aria-components/Autocomplete';
import { Input } from 'react-aria-components/Input';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { TextField } from 'react-aria-components/TextField';
import { Icon } from './icon.tsx';
import styles from './search-list.module.css';

export interface Option {
  id: string;
  title: string;
  note?: string | undefined;
  isDisabled?: boolean;
}

interface SearchListProps {
  label: string;
  placeholder: string;
  typed: string;
  onType: (typed: string) => void;
  /** Those that match what is typed. */
  options: readonly Option[];
  chosen: readonly string[];
  selection: 'single' | 'multiple';
  onChoose: (chosen: string[]) => void;
}

/** A search field above a list. The focus stays in the field; arrow keys and Enter choose. */
export function SearchList(props: SearchListProps) {
  return (
    <div className={styles.search}>
      <Autocomplete inputValue={props.typed} onInputChange={props.onType}>
        <TextField aria-label={`Search ${props.label.toLowerCase()}`} autoFocus maxLength={64}>
          <Input role="combobox" aria-expanded="true" placeholder={props.placeholder} spellCheck={false} />
        </TextField>
        <ListBox
          aria-label={props.label}
          items={props.options}
          selectionMode={props.selection}
          escapeKeyBehavior="none"
          selectedKeys={props.chosen}
          onSelectionChange={(keys) => keys !== 'all' && props.onChoose([...keys].map(String))}
        >
          {({ id, title, note, isDisabled = false }) => (
            <ListBoxItem id={id} textValue={title} isDisabled={isDisabled}>
              <span className={styles.mark}>
                <Icon name="check" size={14} />
              </span>
              <span className={styles.title}>{title}</span>
              <span className={styles.note}>{note}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Autocomplete>
    </div>
  );
}
