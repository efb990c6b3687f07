namespace AmsMigration.Accounts;

/// <summary>Which account, as Azure Resource Manager names it.</summary>
public sealed record AccountId(string SubscriptionId, string ResourceGroupName, string AccountName)
{
    private const string Provider = "Microsoft.Media/mediaservices";

    public override string ToString() =>
        $"/subscriptions/{SubscriptionId}/resourceGroups/{ResourceGroupName}/providers/{Provider}/{AccountName}";

    /// <summary>The account of a resource id, which may go on below it. Letter case of its keywords does not count.</summary>
    /// <exception cref="FormatException">It is no id of an account.</exception>
    public static AccountId Parse(string resourceId)
    {
        string[] parts = resourceId.Trim('/').Split('/');
        bool isAccount = parts.Length >= 8
            && Is(parts[0], "subscriptions") && Is(parts[2], "resourceGroups") && Is(parts[4], "providers")
            && Is($"{parts[5]}/{parts[6]}", Provider)
            && parts.All(part => part.Length > 0);
        return isAccount
            ? new AccountId(parts[1], parts[3], parts[7])
            : throw new FormatException(
                $"'{resourceId}' is no id of a Media Services account; expected /subscriptions/<id>/resourceGroups/<name>/providers/{Provider}/<name>.");

        static bool Is(string part, string keyword) => string.Equals(part, keyword, StringComparison.OrdinalIgnoreCase);
    }
}
