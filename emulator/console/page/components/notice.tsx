import type { Notice as NoticeState } from '../state';

/** What came of the last action: an error, or that it is done. */
export function Notice({ notice, onClose }: { notice: NoticeState | null; onClose: () => void }) {
  return (
    <div class="notices" role={notice?.kind === 'error' ? 'alert' : 'status'}>
      {notice && (
        <p class={`notice ${notice.kind}`}>
          {notice.text}
          <button type="button" class="plain" aria-label="Close this message" onClick={onClose}>
            ×
          </button>
        </p>
      )}
    </div>
  );
}
