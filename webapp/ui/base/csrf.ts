// The CSRF token of the page. After signing in again in another tab it is replaced in every form.
const meta = (): HTMLMetaElement | null => document.querySelector('meta[name="csrf-token"]');

export function csrfToken(): string {
  return meta()?.content ?? "";
}

export function replaceCsrfToken(token: string): void {
  const holder = meta();
  if (holder) holder.content = token;
  for (const field of document.querySelectorAll<HTMLInputElement>('input[name="csrf_token"]')) field.value = token;
}
