namespace AmsMigration.KeyService.Keys;

/// <summary>Somebody asks for a key.</summary>
/// <param name="Token">Null for none.</param>
internal sealed record KeyRequest(Guid KeyId, PresentedToken? Token);

/// <summary>A token as it came with one request, which may ask for several keys. Never printed.</summary>
internal sealed class PresentedToken(string text)
{
    public string Text => text;

    /// <summary>This request is among the uses of the token that are counted.</summary>
    public bool IsCounted { get; set; }

    public override string ToString() => "(token)";
}
