namespace AmsMigration.Packaging.Protection.Systems;

/// <summary>What the header of a track tells the systems that an output is signalled for.</summary>
internal static class KeySystems
{
    /// <summary>pssh boxes, for the systems that have one.</summary>
    /// <param name="key">The track's.</param>
    public static IEnumerable<(KeySystem System, byte[] Box)> HeadersOf(ContentKey key, ProtectionOptions options)
    {
        ContentKey[] keys = [key, .. options.Keys.Where(other => other.Id != key.Id)];
        foreach (KeySystem system in options.Systems)
        {
            if (PsshBox.Create(system, options.Scheme, keys, options.LicenseUriOf(system, key)) is byte[] box)
            {
                yield return (system, box);
            }
        }
    }
}
