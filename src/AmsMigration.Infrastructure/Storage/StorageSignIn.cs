using AmsMigration.Identity;
using AmsMigration.Runs;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>How storage accounts are opened whose address carries no shared access signature. Holds secrets and prints none.</summary>
public sealed class StorageSignIn
{
    /// <summary>Asked where nothing else opens an account; null where nobody can be asked.</summary>
    public ITokenSource? Tokens { get; init; }

    /// <summary>Opens the account that it names; null for none.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Blocks that may be on their way to storage at once, over all assets of a run.</summary>
    public int BlocksInFlight { get; init; } = 2;

    /// <summary>Told of each request that is made again, on any thread; null where nobody listens.</summary>
    public Action<StoreRetry>? OnRetry { get; init; }

    public override string ToString() => nameof(StorageSignIn);
}
