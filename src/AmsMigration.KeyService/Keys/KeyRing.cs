namespace AmsMigration.KeyService.Keys;

/// <summary>All keys of the service, by id.</summary>
internal sealed class KeyRing
{
    private readonly Dictionary<Guid, GuardedKey> _keys = [];

    public int Count => _keys.Count;

    /// <exception cref="StartException"><c>KeyTwice</c>: which policy guards it nobody could say.</exception>
    public void Add(GuardedKey key)
    {
        if (!_keys.TryAdd(key.Id, key))
        {
            throw new StartException("KeyTwice", $"the key {key.Id} is in the export and in the key file; remove it from one of them");
        }
    }

    /// <summary>Null where there is none.</summary>
    public GuardedKey? Find(Guid id) => _keys.GetValueOrDefault(id);
}
