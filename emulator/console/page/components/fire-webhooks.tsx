/** In a form: whether webhooks fire for what it changes over the REST API. Its value is in `fires`, if it is checked. */
export function FireWebhooks() {
  return (
    <label class="check">
      <input type="checkbox" name="fires" defaultChecked /> Fire webhooks (X-Twilio-Webhook-Enabled)
    </label>
  );
}
