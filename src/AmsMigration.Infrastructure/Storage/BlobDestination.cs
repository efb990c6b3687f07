using AmsMigration.Conversion;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>A container, or a folder in one.</summary>
internal sealed class BlobDestination(BlobPlace place, BlockBudget budget) : IDestination
{
    public string Location => place.Location;

    public IOutputStore Open(string relativePath) => new BlobOutputStore(place.Below(relativePath), budget);
}
