interface PermissionsPolicy {
  allowsFeature?(feature: string): boolean;
}

/**
 * False where this document may not even ask. Chromium says so (`featurePolicy`, later `permissionsPolicy`); of
 * other browsers only the refusal is known, hence `null`.
 */
export function policyAllows(feature: 'microphone' | 'screen-wake-lock'): boolean | null {
  // an element of that name may stand in its place
  const { permissionsPolicy, featurePolicy } = document as {
    permissionsPolicy?: PermissionsPolicy;
    featurePolicy?: PermissionsPolicy;
  };
  return (permissionsPolicy ?? featurePolicy)?.allowsFeature?.(feature) ?? null;
}
