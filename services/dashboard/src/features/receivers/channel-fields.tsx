import { type ChannelKind, type ListedReceiver, ntfyUrl } from '@sensor-sentinel/contracts';
import type { ReactNode } from 'react';
import { CheckField, SelectField, TextField } from '../../ui/fields.tsx';
import { kindTitles } from './describe-receiver.ts';
import {
  type ChannelField,
  emptyChannel,
  generateSecret,
  type ReceiverDraft,
  suggestTopic,
} from './receiver-draft.ts';
import styles from './receivers.module.css';

interface FieldDescription {
  name: ChannelField;
  label: string;
  hint: ReactNode;
  placeholder?: string;
  type?: 'password';
  /** Fills the field. */
  suggestion?: { label: string; suggest: () => string };
}

const webhookOf = (hint: string): FieldDescription[] => [
  { name: 'url', label: 'URL of the webhook', hint: `${hint} The URL is a secret.` },
];

const fields: Readonly<Record<ChannelKind, readonly FieldDescription[]>> = {
  ntfy: [
    {
      name: 'topic',
      label: 'Topic',
      hint: (
        <>
          Install the app <a href="https://ntfy.sh">ntfy</a> on the phone, and subscribe to this topic there.
          Everyone who knows the topic can read it.
        </>
      ),
      suggestion: { label: 'Suggest a topic that nobody can guess', suggest: suggestTopic },
    },
    { name: 'url', label: 'Server', hint: 'Optional.', placeholder: ntfyUrl },
    { name: 'token', label: 'Access token', hint: 'Optional, if the server asks for one.', type: 'password' },
  ],
  email: [
    {
      name: 'to',
      label: 'Addresses',
      hint: 'Separated by commas. The API sends e-mail through the server of its setting SMTP_URL.',
    },
    { name: 'from', label: 'Sender', hint: 'Optional. By default, the user of SMTP_URL.' },
  ],
  slack: webhookOf('In Slack: the settings of your app, Incoming Webhooks, Add New Webhook.'),
  discord: webhookOf('In Discord: Edit Channel, Integrations, Webhooks, New Webhook, Copy Webhook URL.'),
  teams: webhookOf('In Teams: the menu of the channel, Workflows, for a webhook request that posts.'),
  webhook: [
    { name: 'url', label: 'URL', hint: 'It gets the JSON of Alertmanager’s webhooks, version 4.' },
    {
      name: 'secret',
      label: 'Secret',
      hint: 'Your program checks the signature of each message with it, as in Standard Webhooks. Copy it before you save: it is not shown again.',
      suggestion: { label: 'Generate', suggest: generateSecret },
    },
  ],
  alertmanager: [
    {
      name: 'url',
      label: 'URL',
      hint: 'It gets every firing incident each minute, and decides itself who is notified.',
      placeholder: 'http://alertmanager:9093',
    },
  ],
};

interface ChannelFieldsProps {
  draft: ReceiverDraft;
  /** The receiver to change; undefined: a new one. */
  known: ListedReceiver | undefined;
  onChange: (part: Partial<ReceiverDraft>) => void;
}

/** Where messages are sent. The secrets of a known receiver are not shown, and stay unless the address is replaced. */
export function ChannelFields({ draft, known, onChange }: ChannelFieldsProps) {
  const { kind, channel } = draft;
  return (
    <>
      {known !== undefined && (
        <>
          <p className={styles.quiet}>
            {kindTitles[known.kind]} · <bdi>{known.target}</bdi>. The full address and its secrets are not
            shown.
          </p>
          <CheckField
            label="Replace the address"
            isChecked={channel !== null}
            onChange={(isReplaced) =>
              onChange({ kind: known.kind, channel: isReplaced ? emptyChannel : null })
            }
          />
        </>
      )}
      {channel !== null && (
        <>
          <SelectField
            label="Sent by"
            value={kind}
            choices={Object.entries(kindTitles)}
            // The values are the kinds.
            onChange={(chosen) => onChange({ kind: chosen as ChannelKind, channel: emptyChannel })}
          />
          {fields[kind].map((field) => (
            <ChannelTextField
              key={`${kind}.${field.name}`}
              kind={kind}
              field={field}
              value={channel[field.name]}
              onChange={(text) => onChange({ channel: { ...channel, [field.name]: text } })}
            />
          ))}
        </>
      )}
    </>
  );
}

interface ChannelTextFieldProps {
  kind: ChannelKind;
  field: FieldDescription;
  value: string;
  onChange: (text: string) => void;
}

function ChannelTextField({ kind, field, value, onChange }: ChannelTextFieldProps) {
  const { name, label, hint, placeholder, type, suggestion } = field;
  return (
    <TextField {...{ label, hint, placeholder, type, value, onChange }} name={`${kind}.${name}`}>
      {suggestion !== undefined && (
        <button type="button" onClick={() => onChange(suggestion.suggest())}>
          {suggestion.label}
        </button>
      )}
    </TextField>
  );
}
