using AmsMigration.Conversion;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.TestSupport;

/// <summary>Looks at each thing that is done to the outputs of a destination, and can delay it or fail it; see <see cref="ProbedOutputStore"/>.</summary>
public sealed class ProbedDestination(IDestination inner, Func<string, string, Task> before) : IDestination
{
    public string Location => inner.Location;

    public IOutputStore Open(string relativePath) => new ProbedOutputStore(inner.Open(relativePath), before);
}
