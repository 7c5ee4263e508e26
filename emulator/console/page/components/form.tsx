import type { ComponentChildren } from 'preact';

type Values = Record<string, string>;

interface Props {
  submit: string;
  onSubmit: (values: Values) => void;
  children: ComponentChildren;
}

/** A form whose fields are read when it is sent. */
export function Form({ submit, onSubmit, children }: Props) {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(Object.fromEntries(new FormData(event.currentTarget)) as Values);
      }}
    >
      {children}
      <div class="buttons">
        <button type="submit" class="primary">
          {submit}
        </button>
      </div>
    </form>
  );
}
