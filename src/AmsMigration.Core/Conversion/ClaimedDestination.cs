using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Conversion;

/// <summary>Gives each folder of a destination to one asset of a run: two of the same name would write into each other. Safe for use by several threads.</summary>
public sealed class ClaimedDestination(IDestination inner) : IDestination
{
    // Letter case does not tell folders apart on every system.
    private readonly HashSet<string> _claimed = new(StringComparer.OrdinalIgnoreCase);

    public string Location => inner.Location;

    /// <exception cref="PackagingException"><c>DestinationTaken</c>.</exception>
    public IOutputStore Open(string relativePath)
    {
        IOutputStore output = inner.Open(relativePath);
        lock (_claimed)
        {
            if (!_claimed.Add(output.Location))
            {
                throw new PackagingException("DestinationTaken", $"'{output.Location}' belongs to another asset of this run");
            }
        }

        return output;
    }
}
