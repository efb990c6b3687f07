using AmsMigration.Identity;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>How storage accounts are opened whose address carries no shared access signature. Holds secrets and prints none.</summary>
public sealed class StorageSignIn
{
    /// <summary>Asked where nothing else opens an account; null where nobody can be asked.</summary>
    public ITokenSource? Tokens { get; init; }

    /// <summary>Opens the account that it names; null for none.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Blocks of 4 MiB that may be on their way to storage at once, over all assets of a run.</summary>
    public int BlocksInFlight { get; init; } = 8;

    public override string ToString() => nameof(StorageSignIn);
}
