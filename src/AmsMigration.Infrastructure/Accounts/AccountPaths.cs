using AmsMigration.Accounts;

namespace AmsMigration.Infrastructure.Accounts;

/// <summary>Paths of an account's resources.</summary>
internal sealed class AccountPaths(AccountId id)
{
    public string Account { get; } =
        $"/subscriptions/{Escape(id.SubscriptionId)}/resourceGroups/{Escape(id.ResourceGroupName)}/providers/Microsoft.Media/mediaServices/{Escape(id.AccountName)}";

    /// <param name="parts">E.g. <c>assets</c>, a name, <c>tracks</c>.</param>
    public string Below(params string[] parts) => $"{Account}/{string.Join("/", parts.Select(Escape))}";

    private static string Escape(string part) => Uri.EscapeDataString(part);
}
