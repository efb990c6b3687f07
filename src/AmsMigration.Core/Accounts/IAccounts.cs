namespace AmsMigration.Accounts;

/// <summary>Media Services accounts, as Azure Resource Manager knows them. Safe for use by several threads.</summary>
public interface IAccounts
{
    /// <summary>An account that is gone is an answer, too.</summary>
    /// <exception cref="AccountException">The subscription is not there, nobody may look, nobody answers.</exception>
    Task<AmsAccountExpiry> GetExpiryAsync(AccountId id, DateTimeOffset asOf, CancellationToken cancellation);

    /// <summary>The accounts of a subscription, or of one of its resource groups; empty where the provider is gone with the last of them.</summary>
    /// <param name="resourceGroupName">Null for all.</param>
    /// <exception cref="AccountException">The same.</exception>
    Task<IReadOnlyList<AccountId>> ListAsync(string subscriptionId, string? resourceGroupName, CancellationToken cancellation);

    /// <summary>Ids of the subscriptions that the sign-in sees.</summary>
    /// <exception cref="AccountException">The same.</exception>
    Task<IReadOnlyList<string>> ListSubscriptionsAsync(CancellationToken cancellation);

    /// <summary>Asks for the one-time extension by 30 days.</summary>
    /// <exception cref="AccountException">The same; <c>AccountReadOnly</c> where it is too late.</exception>
    Task<AmsAccountExpiry> ExtendAsync(AccountId id, DateTimeOffset asOf, CancellationToken cancellation);
}
